/** A package of a Debian archive, as its index lists it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Below the archive's root. */
  readonly file: string;
  readonly sha256: string;
}

/** `linux-image-5.10.0-46-amd64 (= 5.10.262-1)` */
const exact = /^(linux-\S+) \(= (\S+)\)$/;

/**
 * The packages that make up the kernel which `linux-image-amd64` depends on: its image first, and those that the image
 * was split into, if it was. `index` is the text of a Packages file: stanzas of `Field: value`, an empty line after each.
 */
export function newestKernel(index: string): Package[] {
  const stanzas = index.split(/\n\n+/);
  const meta = stanzas.filter((stanza) => stanza.startsWith('Package: linux-image-amd64\n')).at(-1);
  if (meta === undefined) throw new Error('the index has no linux-image-amd64');
  const image = dependencies(stanzas, meta).find((stanza) =>
    /^Package: linux-image-\d/.test(stanza),
  );
  if (image === undefined) throw new Error('linux-image-amd64 depends on no image');
  return [image, ...dependencies(stanzas, image)].map((stanza) => ({
    name: field(stanza, 'Package'),
    version: field(stanza, 'Version'),
    file: field(stanza, 'Filename'),
    sha256: field(stanza, 'SHA256'),
  }));
}

/** What a package depends on in exactly one version. */
function dependencies(stanzas: readonly string[], stanza: string): string[] {
  return field(stanza, 'Depends')
    .split(', ')
    .flatMap((dependency) => {
      const [, name, version] = exact.exec(dependency) ?? [];
      if (name === undefined || version === undefined) return [];
      const found = stanzas.find(
        (one) => one.startsWith(`Package: ${name}\n`) && field(one, 'Version') === version,
      );
      if (found === undefined) throw new Error(`the index has no ${name} ${version}`);
      return [found];
    });
}

function field(stanza: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
}
