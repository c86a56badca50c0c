/** The function, which runs once for each key: whoever asks for the same meanwhile, or later, has the same promise. */
export function once<Arguments extends readonly unknown[], T>(
  keyOf: (...args: Arguments) => string,
  make: (...args: Arguments) => Promise<T>,
): (...args: Arguments) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (...args) => {
    const key = keyOf(...args);
    const promise = made.get(key) ?? make(...args);
    made.set(key, promise);
    return promise;
  };
}
