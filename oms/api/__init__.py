"""What every resource of the REST interface shares. Rules live in the services; here is only the doorway."""
