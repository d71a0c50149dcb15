//! Carries out what activities want done outside.
