public class Main {
    public static void main(String[] args) {
        for (int i = 0; i < 10000; i++) {
            Thread thread = new Thread(() -> { try { Thread.sleep(60000); } catch (InterruptedException e) { } });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
