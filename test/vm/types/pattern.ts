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
  readonly values?: readonly { readonly name: string }[];
}

/** What `bpftool --json btf dump file FILE` writes. */
export interface BtfDump {
  readonly types: readonly Type[];
}

/**
 * What an object finds on a kernel, sorted: `struct file.f_mapping: struct address_space *`, `enum pageflags.PG_head`. It decides
 * which branches of the programs are alive there; offsets are no part of it. `kept`: the types that its relocations
 * resolve to (`bpftool gen min_core_btf`), of which enums are whole; `own`: the object's own types.
 */
export function relocationsOf(kept: BtfDump, own: BtfDump): string[] {
  const byId = new Map(kept.types.map((type) => [type.id, type]));
  const enumerators = new Set<string>(
    own.types.flatMap(({ name, values = [] }) =>
      values.map((value) => `enum ${plain(name)}.${plain(value.name)}`),
    ),
  );
  const found = kept.types.flatMap((type) => {
    if (type.name === anonymous) return [];
    if (type.kind === 'STRUCT' || type.kind === 'UNION')
      return membersOf(type, `${type.kind.toLowerCase()} ${type.name}`, byId);
    return (type.values ?? [])
      .map((value) => `enum ${type.name}.${value.name}`)
      .filter((name) => enumerators.has(name));
  });
  return [...new Set(found)].toSorted();
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
      return type.encoding === 'BOOL'
        ? 'bool'
        : `${type.encoding === 'SIGNED' ? 'int' : 'unsigned'} ${type.nr_bits}`;
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
