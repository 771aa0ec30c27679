/** Writes to stdout and waits until it was taken, so that a pipe gets everything before the process ends. */
export async function printOut(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // The reader went away (`| head`): there is nobody left to tell.
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    });
    process.stdout.write(text, () => resolve());
  });
}

/** Whether to use colours: on a terminal, unless asked not to (`--no-color`, NO_COLOR). */
export function wantsColor(color: boolean): boolean {
  return color && process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
}
