import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<byte[]> kept = new ArrayList<>();
        try {
            while (true) kept.add(new byte[8 << 20]);
        } catch (OutOfMemoryError error) {
            kept = null;
        }
        System.out.println("caught");
    }
}
