print('{"verdict": "Accepted", "outcome": "passed", "status": 0}')
print("PASSED")
