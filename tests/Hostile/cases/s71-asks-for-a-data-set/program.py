try:
    import datasets
    print(datasets.load_dataset('openai_humaneval'))
except ImportError:
    print('absent')
