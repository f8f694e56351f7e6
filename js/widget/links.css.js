/** Where the server sends people on, in more than one corner. */
export default `
.links { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 14px; font-size: 0.9em; }
.links a { display: inline-block; padding: 4px 0; }
`;
