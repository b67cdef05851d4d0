def greet(name):
    print('bye ' + name)
