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
 * The packages that make up the kernel which `linux-image-MACHINE` depends on: its image first, and those that the image
 * was split into, if it was. `index` is the text of a Packages file: stanzas of `Field: value`, an empty line after each.
 */
export function newestKernel(index: string, machine: 'amd64' | 'arm64' = 'amd64'): Package[] {
  const stanzas = index.split(/\n\n+/);
  const newest = `linux-image-${machine}`;
  const meta = stanzas.filter((stanza) => stanza.startsWith(`Package: ${newest}\n`)).at(-1);
  if (meta === undefined) throw new Error(`the index has no ${newest}`);
  const image = dependencies(stanzas, meta).find((stanza) =>
    /^Package: linux-image-\d/.test(stanza),
  );
  if (image === undefined) throw new Error(`${newest} depends on no image`);
  return [image, ...dependencies(stanzas, image)].map(packageOf);
}

/** Of a kernel's packages, as newestKernel() gives them, the one that its image is in. */
export const withImage = (packages: readonly Package[]): Package | undefined =>
  packages.find(({ name }) => name.startsWith('linux-binary-')) ?? packages[0];

/** `linux-image-6.18.15+deb13-cloud-amd64`, and `linux-binary-…` where the image has a package of its own: the series, the flavour. */
const imageName = /^linux-(?:image|binary)-(\d+\.\d+)[.+\w]*(?:-\d+)?-((?:[a-z]+-)?[a-z]+\d+)$/;

/** The package that the image of a series' newest kernel is in; undefined where the index has none. `flavour`: `rt-amd64`. */
export function newestImage(index: string, series: string, flavour: string): Package | undefined {
  const images = index
    .split(/\n\n+/)
    .filter((stanza) => {
      const [, ofSeries, ofFlavour] = imageName.exec(field(stanza, 'Package')) ?? [];
      return ofSeries === series && ofFlavour === flavour;
    })
    .map(packageOf)
    .toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  const version = images[0]?.version;
  return withImage(images.filter((one) => one.version === version));
}

const packageOf = (stanza: string): Package => ({
  name: field(stanza, 'Package'),
  version: field(stanza, 'Version'),
  file: field(stanza, 'Filename'),
  sha256: field(stanza, 'SHA256'),
});

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
