import{j as o}from"./index-jlpGgWhH.js";const s=o;export{s as u};
