/** What Citus does not do, or not as PostgreSQL does; the numbers are those of docs/decisions/0018-what-citus-can-do.md. */
export const facts = {
  volatile: '1: an update or delete calls no volatile function',
  stableOfColumn: '2: an update or delete gives no column to a function that is not immutable',
  lazy: '3: in an update or delete, case and coalesce hold immutable functions only',
  returning: '4: returning holds immutable functions and no subquery',
  insertSubquery: '5: the values of an insert are no subqueries; insert ... select has them',
  onConflict: '6: on conflict ... do update calls immutable functions only',
  keyChange: '7: customer_id never changes',
  lock: '8: for update and for share are for rows of one customer',
  join: '9: tables of rows per customer are joined by customer_id',
  correlated:
    '10: a subquery that names columns from outside is tied to those outside by customer_id, or to one customer',
  outerJoin: '11: a table of rows per customer is not the inner side of an outer join with anything that is not',
  grouping: '12: no grouping sets, recursion or merge across customers',
  selectList: '13: beside aggregates and window functions, the select list holds no subquery',
  writeElsewhere: '14: what updates a small table reads rows of customers in a with, or in a subquery of its condition',
  everyNode:
    '15: what updates a table that is on every node reads those of the coordinator in its from or in a with, not in subqueries',
  snapshot: '16: what a with has written is not read again in the same statement',
  wholeTable:
    '17: a table of the coordinator that is joined to rows of customers is filtered by values, or goes over whole',
  severalArrays: '18: unnest of several arrays stands in a select of its own where it is joined to rows of customers',
} as const;

export type Fact = keyof typeof facts;
