/* Applies the reader's stored colour scheme before the first paint. */
try{var s=localStorage.getItem("scheme");if(s==="light"||s==="dark")document.documentElement.dataset.scheme=s}catch(e){}
