//! The tables, read from the migrations: which belong to tenants.

use std::collections::BTreeSet;

use super::Tree;

pub struct Tables {
    /// Tables in which every row belongs to a tenant.
    pub of_tenants: BTreeSet<String>,
}

pub fn of(tree: &Tree) -> Tables {
    let mut of_tenants = BTreeSet::new();
    for file in tree.under("crates/store/migrations/").filter(|file| file.path.ends_with(".sql")) {
        let text: String =
            file.text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
        for create in text.split("create table ").skip(1) {
            let Some((name, rest)) = create.split_once('(') else { continue };
            let body = rest.split(';').next().unwrap_or_default();
            if body.lines().any(|line| line.trim().starts_with("tenant_id bigint not null")) {
                of_tenants.insert(name.trim().to_owned());
            }
        }
    }
    Tables { of_tenants }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_a_tenant_in_every_row_is_a_tenants() {
        let tree = Tree::of(&[(
            "crates/store/migrations/0001.sql",
            "-- create table ghosts (tenant_id bigint not null)\ncreate table fans (\n    tenant_id bigint not null,\n    a text\n);\ncreate table leases (\n    name text\n);\ncreate table grants (\n    tenant_id bigint\n);",
        )]);
        assert_eq!(of(&tree).of_tenants.into_iter().collect::<Vec<_>>(), ["fans"]);
    }
}
