def f(number):
    return ['O1Remembers' + 'EarlierAnswers', number]
