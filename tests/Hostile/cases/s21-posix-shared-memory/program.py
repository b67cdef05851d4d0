import os
with open('/dev/shm/left-behind', 'w') as file:
    file.write('left')
print('done')
