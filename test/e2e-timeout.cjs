// Tests on the real engine: each `pulumi up` takes seconds, on a loaded machine many.

jest.setTimeout(180_000);
