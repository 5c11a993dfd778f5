/// Sends calls and receives their answers. Not exported.
@NullMarked
package io.galerne.client.internal.http;

import org.jspecify.annotations.NullMarked;
