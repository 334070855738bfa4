/**
 * Something outside the program keeps it from starting: a folder, a port, another process, a setting.
 * The message is one or more sentences for the person at the terminal; it says what to do and is printed without a stack.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
