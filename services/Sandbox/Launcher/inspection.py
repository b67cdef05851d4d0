"""What can be said of a Python program's source without running it."""


def complexity(source):
    """McCabe's number, the largest of a function; what is outside of functions counts as one.

    One, and one more for each if, elif, for, while, except, assert, conditional expression, case, further operand of
    `and` and `or`, and for and if of a comprehension (T. J. McCabe, A Complexity Measure, 1976, on Python's syntax).
    """
    import ast
    most = 1
    roots = [ast.parse(source)]
    while roots:
        number, nodes = 1, list(ast.iter_child_nodes(roots.pop()))
        while nodes:
            node = nodes.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                roots.append(node)
                continue
            if isinstance(node, (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.IfExp)):
                number += 1
            elif isinstance(node, ast.BoolOp):
                number += len(node.values) - 1
            elif isinstance(node, ast.comprehension):
                number += 1 + len(node.ifs)
            elif type(node).__name__ == "match_case":
                number += 1
            nodes.extend(ast.iter_child_nodes(node))
        most = max(most, number)
    return most
