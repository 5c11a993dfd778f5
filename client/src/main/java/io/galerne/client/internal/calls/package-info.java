/// The operations of the API, on HTTP. Not exported.
@NullMarked
package io.galerne.client.internal.calls;

import org.jspecify.annotations.NullMarked;
