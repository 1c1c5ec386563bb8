"""The Web API, one module for each family of methods; `registry` lists them all."""
