import java.util.concurrent.atomic.AtomicLong;

public class Main {
    public static void main(String[] args) throws Exception {
        AtomicLong sum = new AtomicLong();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < 8; i++) {
            final int part = i + 1;
            threads[i] = new Thread(() -> sum.addAndGet(part));
            threads[i].start();
        }
        for (Thread thread : threads) thread.join();
        System.out.println(sum);
    }
}
