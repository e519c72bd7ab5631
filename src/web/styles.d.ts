/** A style sheet that comes with the part of the page that imports it: Vite makes a file of it. */
declare module '*.css'
