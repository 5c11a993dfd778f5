package io.galerne.protocol;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.galerne.protocol.jackson.Jackson2Reader;
import io.galerne.protocol.jackson.Jackson2Writer;
import io.galerne.protocol.jackson.Jackson3Reader;
import io.galerne.protocol.jackson.Jackson3Writer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A type that carries JSON of the wire. Every Jackson, of version 2 or 3, however it is configured,
/// writes it as that JSON and reads it back.
///
/// Jackson 2 need not be there: an annotation whose class is missing is not seen at run time. As the
/// types carry only this one, compilers do not see the others either, and have nothing to warn of.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@JacksonAnnotationsInside
@tools.jackson.databind.annotation.JsonSerialize(using = Jackson3Writer.class)
@tools.jackson.databind.annotation.JsonDeserialize(using = Jackson3Reader.class)
@com.fasterxml.jackson.databind.annotation.JsonSerialize(using = Jackson2Writer.class)
@com.fasterxml.jackson.databind.annotation.JsonDeserialize(using = Jackson2Reader.class)
@interface WireJson {}
