import java.nio.ByteBuffer;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<ByteBuffer> kept = new ArrayList<>();
        while (true) {
            ByteBuffer part = ByteBuffer.allocateDirect(1 << 20);
            while (part.hasRemaining()) part.put((byte) 1);
            kept.add(part);
        }
    }
}
