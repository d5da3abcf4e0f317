// Bitfinex's own client has no types; these are for the calls that the tests make with it.

declare module "bfx-api-node-rest" {
  export class RESTv2 {
    constructor(options: { apiKey?: string; apiSecret?: string; authToken?: string; url: string; transform?: boolean; timeout?: number });
    keyPermissions(): Promise<unknown>;
    userInfo(): Promise<unknown[]>;
    generateToken(params: {
      scope: string;
      ttl?: number;
      caps?: string[];
      writePermission?: boolean;
      _cust_ip?: string;
    }): Promise<[string]>;
    invalidateAuthToken(params: { authToken: string }): Promise<unknown>;
    wallets(): Promise<unknown[][]>;
    logins(params?: { start?: number; end?: number; limit?: number }): Promise<unknown[][]>;
    changeLogs(params?: { start?: number; end?: number; limit?: number }): Promise<unknown[][]>;
    status(): Promise<unknown>;
  }
}
