import java.io.*;

public class Main {
    public static void main(String[] args) {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.out.println(42);
    }
}
