console.log(42);
}} this is no program
