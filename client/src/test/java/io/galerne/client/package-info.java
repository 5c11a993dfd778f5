@NullMarked
package io.galerne.client;

import org.jspecify.annotations.NullMarked;
