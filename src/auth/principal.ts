/** Access control lists of the hosted API that this server looks at. */
export type Acl = 'filesAcl';
export type Action = 'READ' | 'WRITE';

/** What a principal may do. */
export interface Capability {
  acl: Acl;
  actions: readonly Action[];
}

/** Who asks: the subject of an accepted token, in the project that the token was accepted for. */
export interface Principal {
  subject: string;
  project: string;
  capabilities: readonly Capability[];
}
