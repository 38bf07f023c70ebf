"""Cache back ends that survive an unreachable Redis. Only the settings name or import them."""
