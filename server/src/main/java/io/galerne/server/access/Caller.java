package io.galerne.server.access;

import java.util.Set;

/// Who makes a request, once that is known.
///
/// @param keyId the key that was shown; empty if none is needed
/// @param namespace all that the caller reaches
/// @param may what the caller may do there
public record Caller(String keyId, String namespace, Set<Right> may) {}
