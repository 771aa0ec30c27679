/**
 * Runs work that Ctrl-C and SIGTERM stop: its signal is aborted, and the process ends with the usual code once the work
 * has let go. A second signal ends it at once, as ever.
 */
export async function untilInterrupted<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    process.exitCode = name === 'SIGINT' ? 130 : 143;
    controller.abort(new Error(`stopped by ${name}`));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.stderr.write('belay: stopped.\n');
    process.exit();
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
