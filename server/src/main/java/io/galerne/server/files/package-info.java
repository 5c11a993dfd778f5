/// Small files that must survive a crash, and that processes must not change at the same time.
@NullMarked
package io.galerne.server.files;

import org.jspecify.annotations.NullMarked;
