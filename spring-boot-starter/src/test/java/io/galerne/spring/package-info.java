@NullMarked
package io.galerne.spring;

import org.jspecify.annotations.NullMarked;
