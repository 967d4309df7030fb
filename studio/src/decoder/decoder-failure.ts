/**
 * Why this browser decodes nothing. `no-webassembly`: it has no WebAssembly with SIMD; `no-memory`: there is not enough;
 * `not-secure`: the page came by plain HTTP from another machine, where browsers offer no hashes; `other-model` and
 * `other-rules`: the server runs what this page does not know; `not-loaded`: the decoder cannot be had, or is damaged;
 * `broken`: the worker ended, or the decoder failed.
 */
export type DecoderFailureReason =
  | 'no-webassembly'
  | 'no-memory'
  | 'not-secure'
  | 'other-model'
  | 'other-rules'
  | 'not-loaded'
  | 'broken';

/** This browser decodes nothing, so the server alone answers. */
export class DecoderFailure extends Error {
  override readonly name = 'DecoderFailure';
  readonly reason: DecoderFailureReason;

  constructor(reason: DecoderFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
