//! What a table is made of and how a value becomes another one, in the words of each database.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::Conn;

/// A column. `key` is whether it is part of the primary key.
#[derive(QueryableByName)]
pub(super) struct Column {
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = BigInt)]
    pub key: i64,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub(super) fn run(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(sql),
        Conn::Postgres(conn) => conn.batch_execute(sql),
    }
}

/// Whoever has the files does not ask the database whether a key is there.
pub(super) fn without_foreign_keys(conn: &mut Conn) {
    let sql = match conn {
        Conn::Sqlite(_) => "PRAGMA foreign_keys = OFF; BEGIN",
        Conn::Postgres(_) => "SET session_replication_role = replica; BEGIN",
    };
    run(conn, sql).unwrap();
}

pub(super) fn columns(conn: &mut Conn, table: &str) -> Vec<Column> {
    let sql = match conn {
        Conn::Sqlite(_) => format!(
            "SELECT name, lower(type) AS kind, pk > 0 AS key FROM pragma_table_info('{table}')"
        ),
        Conn::Postgres(_) => format!(
            "SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS kind,
                (EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)))::int::bigint AS key
            FROM pg_attribute a WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        ),
    };
    diesel::sql_query(sql).load(conn).unwrap()
}

pub(super) fn rows(conn: &mut Conn, table: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let counted: Counted = diesel::sql_query(sql).get_result(conn).unwrap();
    counted.n
}

/// Another value of the same type.
pub(super) fn other(conn: &Conn, column: &Column, byte: i64) -> String {
    let Column { name, kind, .. } = column;
    let text = |length: &str| {
        let at = format!("{byte} % greatest({length}, 1)");
        format!(
            "substr({name}, 1, {at}) || CASE substr({name}, 1 + {at}, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr({name}, 2 + {at})"
        )
    };
    match (conn, kind.as_str()) {
        (Conn::Postgres(_), "boolean") => format!("NOT {name}"),
        (Conn::Postgres(_), "bytea") => format!(
            "CASE length({name}) WHEN 0 THEN '\\x00'::bytea
                ELSE set_byte({name}, ({byte} % greatest(length({name}), 1))::int, (get_byte({name}, ({byte} % greatest(length({name}), 1))::int) + 1) % 256) END"
        ),
        (Conn::Postgres(_), "text") => text(&format!("length({name})")),
        (Conn::Sqlite(_), "text") => text(&format!("length({name})")).replace("greatest(", "max("),
        (Conn::Sqlite(_), "blob") => {
            let at = format!("{byte} % max(length({name}), 1)");
            format!(
                "CAST(substr({name}, 1, {at}) || CASE hex(substr({name}, 1 + {at}, 1)) WHEN '00' THEN x'01' ELSE x'00' END || substr({name}, 2 + {at}) AS BLOB)"
            )
        }
        (_, number) => {
            assert!(["integer", "bigint", "smallint"].contains(&number), "{name}: {number}");
            format!("{name} + 1")
        }
    }
}

/// Puts a copy of a row in, its columns as said.
pub(super) fn insert(conn: &Conn, table: &str, columns: &[String], of: &str) -> String {
    let over = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " OVERRIDING SYSTEM VALUE",
    };
    let columns = columns.join(", ");
    format!("INSERT INTO {table}{over} SELECT {columns} FROM {table} WHERE {of}")
}
