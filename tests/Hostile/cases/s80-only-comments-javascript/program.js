// nothing
/* nothing
   at all */
