//! Lists of records: filter, rights, sort and page become one or a few statements.
