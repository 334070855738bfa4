import type pg from 'pg';

/** What the generators need of a live database, from PostgreSQL's catalog, in an order that never changes by itself. */
export interface Catalog {
  enums: { name: string; labels: string[]; comment: string | null }[];
  sequences: { name: string; type: string; ownedBy: string | null }[];
  functions: { name: string; definition: string }[];
  tables: Table[];
}

export interface Table {
  name: string;
  kind: 'table' | 'view';
  comment: string | null;
  options: string[];
  /** Of a view: its query. Of a partitioned table: the key. Of a partition: parent and bounds. */
  viewQuery: string | null;
  partitionKey: string | null;
  partitionOf: string | null;
  columns: Column[];
  constraints: { name: string; kind: string; definition: string; column: string | null }[];
  indexes: string[];
  triggers: string[];
}

export interface Column {
  name: string;
  /** As PostgreSQL writes it: `character varying(20)`, `text[]`. */
  sqlType: string;
  /** The plain type's name, of an array its element's, of a domain its base's: `int8`, `push_state`. */
  baseType: string;
  array: boolean;
  nullable: boolean;
  defaultValue: string | null;
  identity: 'always' | 'by default' | null;
  identityStart: string | null;
  generated: boolean;
  comment: string | null;
}

/** The bookkeeping of migrate.ts is not part of the schema that migrations describe. */
const BOOKKEEPING = 'schema_migration';

/** Reads the schema `public`. */
export async function readCatalog(pool: pg.Pool): Promise<Catalog> {
  const query = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await pool.query<Row>(text)).rows;
  const [enums, sequences, functions, relations, columns, constraints, indexes, triggers] = await Promise.all([
    query<Catalog['enums'][number]>(ENUMS),
    query<Catalog['sequences'][number]>(SEQUENCES),
    query<Catalog['functions'][number]>(FUNCTIONS),
    query<Omit<Table, 'columns' | 'constraints' | 'indexes' | 'triggers'>>(RELATIONS),
    query<Column & { table: string }>(COLUMNS),
    query<Table['constraints'][number] & { table: string }>(CONSTRAINTS),
    query<{ table: string; definition: string }>(INDEXES),
    query<{ table: string; definition: string }>(TRIGGERS),
  ]);
  const tables = relations
    .filter(({ name }) => name !== BOOKKEEPING)
    .map((relation): Table => {
      const here = (row: { table: string }): boolean => row.table === relation.name;
      return {
        ...relation,
        columns: columns.filter(here),
        constraints: constraints.filter(here),
        indexes: indexes.filter(here).map(({ definition }) => definition),
        triggers: triggers.filter(here).map(({ definition }) => definition),
      };
    });
  return { enums, sequences, functions, tables };
}

const ENUMS = `
  select t.typname as name, obj_description(t.oid, 'pg_type') as comment,
         array_agg(e.enumlabel::text order by e.enumsortorder) as labels
  from pg_type t
  join pg_enum e on e.enumtypid = t.oid
  where t.typnamespace = 'public'::regnamespace
  group by t.oid, t.typname
  order by t.typname collate "C"`;

const SEQUENCES = `
  select c.relname as name, format_type(s.seqtypid, null) as type,
         (select d.refobjid::regclass || '.' || a.attname
          from pg_depend d
          join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a') as "ownedBy"
  from pg_class c
  join pg_sequence s on s.seqrelid = c.oid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
  order by c.relname collate "C"`;

const FUNCTIONS = `
  select p.proname as name, pg_get_functiondef(p.oid) as definition
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
    and not exists (select from pg_depend d
                    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  order by p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

const RELATIONS = `
  select c.relname as name, case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
         obj_description(c.oid, 'pg_class') as comment, coalesce(c.reloptions, '{}') as options,
         case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as "viewQuery",
         case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
         case when c.relispartition then
           (select i.inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid)
            from pg_inherits i where i.inhrelid = c.oid) end as "partitionOf"
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
  order by c.relname collate "C"`;

const COLUMNS = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as "sqlType",
         coalesce(element_base.typname, element.typname, base.typname, t.typname) as "baseType",
         t.typcategory = 'A' as array, not a.attnotnull as nullable,
         pg_get_expr(d.adbin, d.adrelid) as "defaultValue",
         case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
         (select s.seqstart::text from pg_depend p join pg_sequence s on s.seqrelid = p.objid
          where p.refobjid = c.oid and p.refobjsubid = a.attnum and p.deptype = 'i'
            and p.classid = 'pg_class'::regclass) as "identityStart",
         a.attgenerated <> '' as generated, col_description(c.oid, a.attnum) as comment
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_type base on base.oid = nullif(t.typbasetype, 0)
  left join pg_type element on element.oid = nullif(t.typelem, 0) and t.typcategory = 'A'
  left join pg_type element_base on element_base.oid = nullif(element.typbasetype, 0)
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
  order by c.relname collate "C", a.attnum`;

// "n" are the not null constraints, which PostgreSQL 18 lists and which the columns say already.
const CONSTRAINTS = `
  select conrelid::regclass::text as table, conname as name, contype::text as kind,
         pg_get_constraintdef(k.oid) as definition,
         case when cardinality(conkey) = 1 then
           (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) end as column
  from pg_constraint k
  where k.connamespace = 'public'::regnamespace and conrelid <> 0 and contype in ('p', 'u', 'c', 'f', 'x')
  order by conrelid::regclass::text collate "C", position(contype::text in 'pucfx'), conname collate "C"`;

const INDEXES = `
  select i.indrelid::regclass::text as table, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by c.relname collate "C"`;

const TRIGGERS = `
  select t.tgrelid::regclass::text as table, pg_get_triggerdef(t.oid) as definition
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  order by t.tgname collate "C"`;
