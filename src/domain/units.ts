/** A number that carries its unit in its type; the casts live in this file alone. */
export type Unit<Name extends string> = number & { readonly unit?: Name };

export type Bytes = Unit<'bytes'>;
/** Base pages of the kernel (PAGE_SIZE bytes each). */
export type Pages = Unit<'pages'>;
export type Milliseconds = Unit<'milliseconds'>;
export type BytesPerSecond = Unit<'bytes per second'>;

export const bytes = (n: number): Bytes => n as Bytes;
export const pages = (n: number): Pages => n as Pages;
export const milliseconds = (n: number): Milliseconds => n as Milliseconds;
export const bytesPerSecond = (n: number): BytesPerSecond => n as BytesPerSecond;
