// public class Wrong
package com.example.deep; /* public class Wrong */

import java.util.*;

interface Shape { default String text() { return "class Wrong { public static void main("; } }

public final class Answer implements Shape {
    static class Inner { public static void main(String[] args) { System.out.println(41); } }

    public static void main(String... args) { System.out.println(new Answer().text().isEmpty() ? 41 : 42); }
}
