"""The database: engine, column types, failures. No queries of any feature live here."""
