package io.galerne.server.access;

import java.util.Set;

/// The authenticated sender of a request.
///
/// @param keyId id of the API key; empty if the server needs none
/// @param namespace the only namespace the caller has access to
/// @param may the caller's rights there
public record Caller(String keyId, String namespace, Set<Right> may) {}
