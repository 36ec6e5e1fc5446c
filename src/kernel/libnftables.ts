/** The library that `nft` is made of (libnftables(3)); the package nftables brings it along. */
import koffi from 'koffi';
import { KernelError } from './errors.js';

/** An open `struct nft_ctx`. */
export type NftContext = unknown;

export interface NftCalls {
  open(flags: number): NftContext;
  close(context: NftContext): void;
  bufferOutput(context: NftContext): number;
  bufferErrors(context: NftContext): number;
  /** @returns 0, or something else when nothing was changed */
  run(context: NftContext, commands: string): number;
  /** What was printed since the last call. */
  takeOutput(context: NftContext): string;
  takeErrors(context: NftContext): string;
}

let calls: NftCalls | null = null;

/** Loaded when it is first needed: many commands need no rules. @throws KernelError when there is none */
export function libnftables(): NftCalls {
  calls ??= load();
  return calls;
}

function load(): NftCalls {
  try {
    const library = koffi.load('libnftables.so.1');
    return {
      open: library.func('void *nft_ctx_new(uint32_t flags)'),
      close: library.func('void nft_ctx_free(void *context)'),
      bufferOutput: library.func('int nft_ctx_buffer_output(void *context)'),
      bufferErrors: library.func('int nft_ctx_buffer_error(void *context)'),
      run: library.func('int nft_run_cmd_from_buffer(void *context, const char *commands)'),
      takeOutput: library.func('const char *nft_ctx_get_output_buffer(void *context)'),
      takeErrors: library.func('const char *nft_ctx_get_error_buffer(void *context)'),
    };
  } catch (cause) {
    throw new KernelError({ command: 'load libnftables.so.1 (package libnftables1)', stderr: String(cause), cause });
  }
}
