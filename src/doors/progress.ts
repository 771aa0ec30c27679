/** A line on a terminal that says what is going on, rewritten in place; nothing anywhere else. */
export interface Progress {
  readonly say: (stage: string) => void;
  readonly clear: () => void;
}

/** Shows a stage only once the work has lasted a moment, so that a fast run prints nothing. */
export function openProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { say: () => undefined, clear: () => undefined };
  const started = performance.now();
  let shown = false;
  return {
    say: (stage) => {
      if (performance.now() - started < 300) return;
      stream.write(`\r\u001b[K${stage.slice(0, Math.max(20, stream.columns - 2))} …`);
      shown = true;
    },
    clear: () => {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
