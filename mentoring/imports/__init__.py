"""Reading a list of people that another system exported: tables, mapping, plan."""
