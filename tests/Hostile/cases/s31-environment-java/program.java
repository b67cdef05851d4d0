public class Main {
    public static void main(String[] args) { System.getenv().keySet().stream().sorted().forEach(System.out::println); }
}
