"""The engine: Spyne dispatches a trusted message to its operation. Nothing else knows that it is Spyne."""
