/**
 * Stands in for `re2-wasm` in the bundle: starting its WebAssembly costs more than the whole synth. The schemas'
 * patterns are plain but for RE2's one-letter Unicode classes: `\PC` is `\P{C}` here.
 */
export class RE2 extends RegExp {
  constructor(pattern, flags) {
    super(pattern.replace(/\\([pP])([A-Z])/g, "\\$1{$2}"), flags);
  }
}
