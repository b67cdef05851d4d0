namespace O1Coder.Problems.Tests;

/// <summary>One good row of each format that is read by rows.</summary>
internal static class DataSetRows
{
    public const string Mbpp = """{"task_id":11,"text":"Add one.","code":"import math\r\ndef add_one(n):\r\n    return n + 1","test_list":["assert add_one(1) == 2","assert add_one(2) == 3"],"test_setup_code":"","challenge_test_list":[],"other":1}""";

    public const string HumanEval = """{"task_id":"Own/1","prompt":"def twice(n: int) -> int:\n    \"\"\" Double it. \"\"\"\n","entry_point":"twice","canonical_solution":"    return 2 * n\n","test":"def check(candidate):\n    assert candidate(1) == 2\n"}""";

    public const string Stdio = """{"problem_id":7,"question":"Echo.","solutions":"[\"print(input())\"]","input_output":"{\"inputs\":[\"a\\n\"],\"outputs\":[\"a\\n\"]}","difficulty":"interview"}""";

    public const string CodeContests = """{"name":"7_A. Echo","description":"Echo.","public_tests":{"input":["a"],"output":["a"]},"private_tests":{"input":["b"],"output":["b"]},"generated_tests":{"input":[],"output":[]},"solutions":{"language":[2,3],"solution":["int main(){}","print(input())"]}}""";
}
