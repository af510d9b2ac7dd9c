export const initConfig = async (folder: string) => ({ file: folder })
