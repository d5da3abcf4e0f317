// A caller of the control API, for tests and programs that start a sandbox. Apart, because it works against a sandbox in
// another process as well.

/** The control API said no. */
export class ControlRefusal extends Error {
  override readonly name = "ControlRefusal";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Calls control routes; bodies and answers are as docs/sandbox.md has them.
 *
 * @example
 * const control = new Control(sandbox.control);
 * await control.post("/clock", { advance: "16h" });
 */
export class Control {
  constructor(private readonly at: { readonly url: string; readonly token: string }) {}

  get<T = unknown>(path: string): Promise<T> {
    return this.call("GET", path);
  }
  post<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.call("POST", path, body);
  }
  put<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.call("PUT", path, body);
  }
  patch<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.call("PATCH", path, body);
  }
  delete<T = unknown>(path: string): Promise<T> {
    return this.call("DELETE", path);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.at.token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(this.at.url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    const text = await response.text();
    const value = text === "" ? undefined : JSON.parse(text);
    if (!response.ok) throw new ControlRefusal(response.status, `${method} ${path}: ${value?.error ?? response.status}`);
    return value as T;
  }
}
