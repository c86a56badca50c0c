interface Named {
  readonly name: string;
}

/** A type of `bpftool --json btf dump`, as far as it is read here. */
interface Type {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly type_id?: number;
  readonly nr_bits?: number;
  readonly encoding?: string;
  readonly members?: readonly {
    readonly name: string;
    readonly type_id: number;
    readonly bitfield_size?: number;
  }[];
  readonly values?: readonly Named[];
}

/** What `bpftool --json btf dump file FILE` writes. */
export interface BtfDump {
  readonly types: readonly Type[];
}

/**
 * What an object finds on a kernel, sorted: `struct file.f_mapping: struct address_space *`, `enum pageflags`, and
 * `enum pageflags without PG_head` where it does not have all that the object has. It decides which branches of the programs are
 * alive there; offsets are no part of it. `kept`: the types that its relocations resolve to (`bpftool gen min_core_btf`), of
 * which enums are whole; `own`: the object's own types.
 */
export function relocationsOf(kept: BtfDump, own: BtfDump): string[] {
  const byId = new Map(kept.types.map((type) => [type.id, type]));
  const found = kept.types.flatMap((type) => {
    const { kind, name, values } = type;
    if (name === anonymous) return [];
    if (kind === 'STRUCT' || kind === 'UNION')
      return membersOf(type, `${kind.toLowerCase()} ${name}`, byId);
    return values ? enumWords(name, values, own) : [];
  });
  return [...new Set(found)].toSorted();
}

function enumWords(name: string, values: readonly Named[], own: BtfDump): string[] {
  const there = new Set(values.map((value) => value.name));
  const missing = own.types
    .filter((type) => plain(type.name) === name)
    .flatMap((type) => type.values ?? [])
    .map((value) => plain(value.name))
    .filter((value) => !there.has(value));
  return [`enum ${name}`, ...missing.map((value) => `enum ${name} without ${value}`)];
}

const anonymous = '(anon)';

/** Without its flavour, which is for the object's own use. */
const plain = (name: string): string => name.replace(/___.*$/, '');

type ById = ReadonlyMap<number, Type>;

/** Those of a struct without a name belong to what it is in. */
function membersOf(type: Type, path: string, byId: ById): string[] {
  return (type.members ?? []).flatMap(({ name, type_id: id, bitfield_size: bits = 0 }) => {
    const inner = resolved(id, byId);
    const isNamed = name !== anonymous;
    const below = isNamed ? `${path}.${name}` : path;
    const isInline = inner?.name === anonymous && inner.members !== undefined;
    const own = isNamed ? [`${below}: ${shown(inner, byId)}${bits > 0 ? ` :${bits}` : ''}`] : [];
    return isInline ? [...own, ...membersOf(inner, below, byId)] : own;
  });
}

const wrappers = new Set(['CONST', 'VOLATILE', 'RESTRICT', 'TYPEDEF', 'TYPE_TAG', 'DECL_TAG']);

function resolved(id: number, byId: ById): Type | undefined {
  const type = byId.get(id);
  return type && wrappers.has(type.kind) ? resolved(type.type_id ?? 0, byId) : type;
}

function shown(type: Type | undefined, byId: ById): string {
  if (type === undefined) return '';
  switch (type.kind) {
    case 'INT':
      return number(type);
    case 'PTR':
      return `${shown(resolved(type.type_id ?? 0, byId), byId)} *`.trimStart();
    case 'ARRAY':
      return `${shown(resolved(type.type_id ?? 0, byId), byId)}[]`;
    default:
      return type.name === anonymous
        ? type.kind.toLowerCase()
        : `${type.kind.toLowerCase()} ${type.name}`;
  }
}

/** Whether a char has a sign differs by architecture, and from 6.2 on. */
function number({ encoding, nr_bits: bits }: Type): string {
  if (encoding === 'BOOL') return 'bool';
  return bits === 8 ? 'byte' : `${encoding === 'SIGNED' ? 'int' : 'unsigned'} ${bits}`;
}
